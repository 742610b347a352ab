import pytest
from datetime import datetime, UTC
from linli.ground.journal import actions as journal, queries
from linli.ground.kernel.actor import system
from linli.registry.places.models import Place

def test_one(db):
    p=Place.objects.create(kind="district",name="李沧区",code="370213",path="/1/",sort_key="a")
    at=datetime(2026,11,20,8,tzinfo=UTC)
    i=journal.append(compound_id=0,stream="place/1",kind="place.add",body={"place":p.pk},rows=[p],by=system("test"),at=at)
    assert i==0
    c=queries.check_database()
    assert c.findings==[] and c.rows==1
